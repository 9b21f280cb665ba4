import colors from '../colors.css?inline';
import devices from './devices.css?inline';

/**
 * The style of devices and frame. It's in their shadow roots only, so it doesn't affect the app, and the app's style
 * doesn't affect them.
 */
export const style = new CSSStyleSheet();
style.replaceSync(`${colors}\n${devices}`);

import colors from '../colors.css?inline';
import devices from './devices.css?inline';

/** How devices and frame look. It acts within their shadow roots only: the app's style and this one don't meet. */
export const style = new CSSStyleSheet();
style.replaceSync(`${colors}\n${devices}`);

import css from './devices.css?inline';

/** How devices and frame look. It acts within their shadow roots only: the app's style and this one do not meet. */
export const style = new CSSStyleSheet();
style.replaceSync(css);

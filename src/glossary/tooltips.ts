/**
 * Turns each glossary link in a page into a button that shows the explanation beside it. It's a native popover, so it
 * opens by mouse, touch, and keyboard, closes with Escape, and screen readers announce whether it's open. Without
 * scripts or popovers, the link to the glossary remains.
 */
if ('popover' in HTMLElement.prototype) {
  for (const link of document.querySelectorAll('a.term')) {
    const explanation = link.nextElementSibling;
    if (!(explanation instanceof HTMLElement)) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = link.className;
    button.textContent = link.textContent;
    button.popoverTargetElement = explanation;
    link.replaceWith(button);
  }
}

/**
 * Shows one step: the content of the `<template>` of that name in index.html, fresh each time.
 * Focus goes to the element marked `data-focus`, so that keyboard and screen reader follow. Returns where the step stands.
 */
export function show(step: string): HTMLElement {
  const place = find(document, '#step');
  place.replaceChildren(find<HTMLTemplateElement>(document, `template#${step}`).content.cloneNode(true));
  document.title = `${find(place, 'h2').textContent} · Your app`;
  place.querySelector<HTMLElement>('[data-focus]')?.focus();
  return place;
}

/** The first element that matches; throws when index.html has none. */
export function find<Found extends HTMLElement>(root: ParentNode, selector: string): Found {
  const found = root.querySelector<Found>(selector);
  if (!found) throw new Error(`index.html has no ${selector}`);
  return found;
}

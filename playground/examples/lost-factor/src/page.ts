/**
 * Shows a step: a fresh copy of the `<template>` with that name in index.html. Focuses the element marked `data-focus`,
 * so that keyboard and screen reader users follow. Returns the element that contains the step.
 */
export function show(step: string): HTMLElement {
  const place = find(document, '#step');
  place.replaceChildren(find<HTMLTemplateElement>(document, `template#${step}`).content.cloneNode(true));
  document.title = `${find(place, 'h2').textContent} · Your app`;
  place.querySelector<HTMLElement>('[data-focus]')?.focus();
  return place;
}

/** Returns the first element that matches. Throws if index.html has none. */
export function find<Found extends HTMLElement>(root: ParentNode, selector: string): Found {
  const found = root.querySelector<Found>(selector);
  if (!found) throw new Error(`index.html has no ${selector}`);
  return found;
}

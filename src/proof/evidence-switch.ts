const storageKey = 'evidence';

/**
 * `<evidence-switch>`: hides and shows the marks beside claims, here and on every other page. If the
 * browser blocks storage, only here.
 */
class EvidenceSwitch extends HTMLElement {
  connectedCallback(): void {
    const box = this.querySelector('input');
    if (!box) return;
    const show = () => {
      document.documentElement.dataset['evidence'] = box.checked ? 'on' : 'off';
    };
    box.checked = stored() !== 'off';
    show();
    box.addEventListener('change', () => {
      show();
      store(box.checked ? 'on' : 'off');
    });
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function store(value: string): void {
  try {
    localStorage.setItem(storageKey, value);
  } catch {
    // Storage is blocked, so the choice lasts as long as the page.
  }
}

customElements.define('evidence-switch', EvidenceSwitch);

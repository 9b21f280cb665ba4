import { Suspense, use, useEffect, useRef, useState } from 'react';
import { openPage, type Step } from './recovery';
import { titles, View } from './View';

// #region open
/**
 * The step when the page loads. Find it once, outside of the components: a link works only once, and
 * StrictMode runs each effect twice.
 */
const opened = openPage();
// #endregion

export function App() {
  return (
    <main aria-label="Your app">
      <h1>Your app</h1>
      <Suspense fallback={<p>One moment …</p>}>
        <Reset />
      </Suspense>
    </main>
  );
}

// #region keep
/** Shows the current step. A form calls `go` with the next step. */
function Reset() {
  const [step, go] = useState<Step>(use(opened));
  const place = useRef<HTMLDivElement>(null);

  // Moves the focus for keyboard and screen reader users.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it's each new step that moves the focus
  useEffect(() => {
    place.current?.querySelector<HTMLElement>('[data-focus]')?.focus();
  }, [step]);

  return (
    <div id="step" ref={place}>
      <title>{`${titles[step.name]} · Your app`}</title>
      <View step={step} go={go} />
    </div>
  );
}
// #endregion

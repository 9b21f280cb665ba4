import { Suspense, use, useEffect, useRef, useState } from 'react';
import { openPage, type Step } from './recovery';
import { titles, View } from './View';

// #region open
/**
 * The step of the page as it loads. It's found once, outside of the components: a link is good once, and StrictMode runs
 * each effect twice.
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
/** Shows the step, and keeps it: a form calls `go` with the one that follows. */
function Reset() {
  const [step, go] = useState<Step>(use(opened));
  const place = useRef<HTMLDivElement>(null);

  // Keyboard and screen reader follow.
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

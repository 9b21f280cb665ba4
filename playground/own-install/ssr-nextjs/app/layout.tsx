import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import './globals.css';

export const metadata: Metadata = {
  title: { template: '%s · Your app', default: 'Your app' },
  icons: { icon: 'data:,' },
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <main aria-label="Your app">
          <h1>Your app</h1>
          <div id="step">{children}</div>
        </main>
      </body>
    </html>
  );
}

import { inject, provideAppInitializer, provideBrowserGlobalErrorListeners } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app';
import { Reset } from './reset';

await bootstrapApplication(App, {
  providers: [
    provideBrowserGlobalErrorListeners(),
    // The first step is found before the first component is made, and before a Router's first navigation: that one would
    // lose what the link has brought.
    provideAppInitializer(() => inject(Reset).open()),
  ],
});

import { inject, provideAppInitializer, provideBrowserGlobalErrorListeners } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app';
import { Reset } from './reset';

await bootstrapApplication(App, {
  providers: [
    provideBrowserGlobalErrorListeners(),
    // Finds the first step before the first component exists, and before a Router's first navigation,
    // which would lose the link's data.
    provideAppInitializer(() => inject(Reset).open()),
  ],
});

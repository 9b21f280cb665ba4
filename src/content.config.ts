import { defineCollection } from 'astro:content';
import { dirname } from 'node:path';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

export const collections = {
  docs: defineCollection({
    loader: docsLoader(),
    schema: docsSchema({
      extend: z.object({
        /** What search engines are told it is: questions with their answers, or steps to follow. Without it, an article. */
        kind: z.enum(['faq', 'howto']).optional(),
      }),
    }),
  }),
  /** The examples, by slug: what their own package.json says of them. */
  examples: defineCollection({
    loader: glob({
      base: 'playground/examples',
      pattern: '*/package.json',
      generateId: ({ entry }) => dirname(entry),
    }),
    schema: z.object({
      title: z.string(),
      description: z.string(),
      framework: z.string(),
      /** What it does, whatever its framework. Examples of one flow pass one spec. */
      flow: z.string(),
      /** The page of the guide that explains it. */
      page: z.string(),
    }),
  }),
};

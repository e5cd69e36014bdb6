import { configurationPage } from "./configuration-page.ts";

/** Every page that is made: its path from the root, and how. */
export const generatedPages: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: "docs/configuration.md", make: configurationPage },
];

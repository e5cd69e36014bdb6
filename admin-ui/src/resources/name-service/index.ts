// What the name service needs beside zones: keys that messages are signed with, views, and what all name servers are told.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const tsigKeys = lazyPages(async () => (await import("./tsig-key-pages.tsx")).tsigKeyPages);
export const dnsViews = lazyPages(async () => (await import("./dns-view-pages.tsx")).dnsViewPages);
export const dnsRegistrations = lazyPages(
  async () => (await import("./dns-registration-pages.tsx")).dnsRegistrationPages,
);
export const nameServerSettings = lazyPages(
  async () => (await import("./name-server-settings-pages.tsx")).nameServerSettingsPages,
);

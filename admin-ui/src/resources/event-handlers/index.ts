// Event handlers: what agents do about state changes.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const eventHandlers = lazyPages(async () => (await import("./event-handler-pages.tsx")).eventHandlerPages);

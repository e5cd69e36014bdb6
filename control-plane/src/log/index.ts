/** The log of this process; the logger is handed down, never imported. */
export { createLogger } from "./create-logger.ts";

import { fileURLToPath } from "node:url";

/** The root of the clone. */
export const rootDirectory = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

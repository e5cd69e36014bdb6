import { realpath } from "node:fs/promises";
import { dirname, normalize } from "node:path";

/** Whether a clean absolute path is one of these directories or lies below one. Pure. */
export function isWithin(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => {
    const clean = normalize(root).replace(/(?<=.)\/$/, "");
    return clean === "/" || path === clean || path.startsWith(`${clean}/`);
  });
}

/** Where a directory really is, with links followed as far as it exists. Throws what the file system says but ENOENT. */
export async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const above = dirname(path);
    if (!isMissing || above === path) throw error;
    const place = await realPlace(above);
    return `${place === "/" ? "" : place}/${path.slice(above === "/" ? 1 : above.length + 1)}`;
  }
}

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../support/index.ts";

/** A Markdown file of the repository; `path` from its root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Every Markdown file that is part of the repository, fixtures left out. */
export function readPages(): Page[] {
  // New files count too, so that a page is judged before it is committed.
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", "*.md"], {
    cwd: repositoryRoot,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => path !== "" && !path.includes("/fixtures/"))
    .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), "utf8") }));
}

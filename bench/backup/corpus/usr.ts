import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Corpus } from "./corpus.ts";
import { seededRandom } from "./random.ts";

/** A copy of this machine's /usr: programs and libraries, many small files, symbolic and hard links. A hundredth of the files in share/doc grows. */
export const usrCorpus: Corpus = {
  name: "usr",
  description: "a copy of /usr; a hundredth of the files in share/doc grows by a line",
  oneFile: "share/common-licenses/GPL-3",
  make(directory) {
    execFileSync("rsync", ["-aHAX", "--one-file-system", "/usr/", `${directory}/`]);
  },
  change(directory, round) {
    const random = seededRandom(`usr, round ${round}`);
    const documentation = join(directory, "share/doc");
    for (const entry of readdirSync(documentation, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || random.below(100) > 0) continue;
      appendFileSync(join(entry.parentPath, entry.name), `changed in round ${round}\n`);
    }
  },
};

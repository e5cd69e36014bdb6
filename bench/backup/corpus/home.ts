import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Corpus } from "./corpus.ts";
import { type Random, seededRandom } from "./random.ts";
import { createTextWriter, type TextWriter } from "./text.ts";

const directoryCount = 400;
const endings = ["txt", "ts", "json", "md", "log"];

/** Many small files of text: a home directory. A hundredth of them changes. */
export function homeCorpus(scale: number): Corpus {
  const fileCount = Math.max(directoryCount, Math.round(20_000 * scale));
  const text = createTextWriter();
  return {
    name: "home",
    description: `${fileCount.toLocaleString("en")} files of text, 1 to 64 KiB; a hundredth changes`,
    oneFile: nameOf(directoryCount - 1),
    make(directory) {
      const random = seededRandom("home");
      for (let file = 0; file < fileCount; file++) {
        const path = join(directory, nameOf(file));
        if (file < directoryCount) mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, textOf(1024 + Math.floor(63 * 1024 * random.fraction() ** 2.2), random, text));
      }
    },
    change(directory, round) {
      const random = seededRandom(`home, round ${round}`);
      for (let changes = Math.round(fileCount / 100); changes > 0; ) {
        const path = join(directory, nameOf(random.below(fileCount)));
        // Renamed or removed in an earlier round.
        if (!existsSync(path)) continue;
        changeFile(path, round, random, text);
        changes -= 1;
      }
    },
  };
}

function nameOf(file: number): string {
  const directory = file % directoryCount;
  return `area-${directory % 20}/folder-${directory}/file-${file}.${endings[file % endings.length]}`;
}

function changeFile(path: string, round: number, random: Random, text: TextWriter): void {
  const kind = random.below(20);
  if (kind < 12) {
    const content = readFileSync(path);
    text.fill(content.subarray(random.below(content.length)), random);
    writeFileSync(path, content);
  } else if (kind < 16) appendFileSync(path, textOf(100 + random.below(4000), random, text));
  else if (kind < 18) writeFileSync(path, textOf(1024 + random.below(60_000), random, text));
  else if (kind < 19) renameSync(path, `${path}.renamed-${round}`);
  else {
    rmSync(path);
    writeFileSync(`${path}.new-${round}`, textOf(1024 + random.below(60_000), random, text));
  }
}

function textOf(length: number, random: Random, text: TextWriter): Buffer {
  const content = Buffer.allocUnsafe(length);
  text.fill(content, random);
  return content;
}

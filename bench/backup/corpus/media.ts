import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Corpus } from "./corpus.ts";
import { seededNoise, seededRandom } from "./random.ts";

const clipCount = 4;
const partBytes = 16 * 1024 * 1024;
const pageBytes = 4096;

/** A few large files that nothing can compress. One page of one of them changes. */
export function mediaCorpus(scale: number): Corpus {
  const parts = Math.max(1, Math.round(16 * scale));
  return {
    name: "media",
    description: `${clipCount} files of ${parts * 16} MiB that nothing compresses; 4 KiB of one change`,
    oneFile: "clip-2.bin",
    make(directory) {
      for (let clip = 0; clip < clipCount; clip++) {
        const file = openSync(join(directory, `clip-${clip}.bin`), "w");
        for (let part = 0; part < parts; part++) writeSync(file, seededNoise(`clip ${clip}, part ${part}`, partBytes));
        closeSync(file);
      }
    },
    change(directory, round) {
      const random = seededRandom(`media, round ${round}`);
      const file = openSync(join(directory, `clip-${round % clipCount}.bin`), "r+");
      const page = random.below((parts * partBytes) / pageBytes);
      writeSync(file, seededNoise(`media, round ${round}`, pageBytes), 0, pageBytes, page * pageBytes);
      closeSync(file);
    },
  };
}

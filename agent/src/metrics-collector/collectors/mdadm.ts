import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";

/** A software RAID as /proc/mdstat tells it. */
interface Array {
  readonly device: string;
  readonly state: string;
  readonly disks: { readonly active: number; readonly failed: number; readonly spare: number };
  readonly required: number;
  readonly blocks: number;
  readonly blocksSynced: number;
}

const states = ["active", "inactive", "recovering", "resync", "check"];

/** Software RAIDs (/proc/mdstat). */
export function createMdadmCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const text = readWord(`${procRoot}/mdstat`);
    if (text === undefined) return undefined;
    const families = new Families();
    for (const { device, state, disks, required, blocks, blocksSynced } of parseMdstat(text)) {
      families.gauge("node_md_disks_required", "Disks the array is made of.", required, { device });
      for (const [disk, count] of Object.entries(disks)) {
        families.gauge("node_md_disks", "Disks of the array, by their state.", count, { device, state: disk });
      }
      for (const name of states) {
        families.gauge("node_md_state", "The state the array is in.", name === state ? 1 : 0, { device, state: name });
      }
      families.gauge("node_md_blocks", "Blocks of the array.", blocks, { device });
      families.gauge("node_md_blocks_synced", "Blocks that are in sync.", blocksSynced, { device });
    }
    return families.list();
  }
  return { name: "mdadm", isDefault: true, collect };
}

/** Reads /proc/mdstat: a paragraph for each array. Pure. */
export function parseMdstat(text: string): Array[] {
  return text.split(/\n(?=\S)/).flatMap((paragraph) => {
    const [head = "", status = ""] = paragraph.split("\n");
    const [device = "", colon, word = ""] = head.split(/\s+/);
    const blocks = Number(/(\d+) blocks/.exec(status)?.[1] ?? Number.NaN);
    if (colon !== ":" || !/^(in)?active$/.test(word) || Number.isNaN(blocks)) return [];
    const sync = /\b(recovery|resync|check)\s*=\s*(?:[\d.]+%\s*\((\d+)\/\d+\)|(\w+))/.exec(paragraph);
    const state = { recovery: "recovering", resync: "resync", check: "check" }[sync?.[1] ?? ""] ?? word;
    return [{ device, state, ...countDisks(head, status), blocks, blocksSynced: sync ? Number(sync[2] ?? 0) : blocks }];
  });
}

/** Of an array that does not run, and of one without redundancy, the kernel does not tell how many disks it needs. */
function countDisks(head: string, status: string): Pick<Array, "disks" | "required"> {
  const isActive = !/: inactive/.test(head);
  const members = isActive && /\b(raid0|linear)\b/.test(head) ? (head.match(/\[\d+\]/g)?.length ?? 0) : 0;
  const [, required = members, active = members] = /\[(\d+)\/(\d+)\]/.exec(isActive ? status : "") ?? [];
  const failed = head.match(/\(F\)/g)?.length ?? 0;
  const spare = head.match(/\(S\)/g)?.length ?? 0;
  return { disks: { active: Number(active), failed, spare }, required: Number(required) };
}

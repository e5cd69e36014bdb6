import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkName, checkSpec, type EstateSize } from "./estate.ts";

/** A change of the definitions, as files. */
export interface BenchChange {
  readonly name: string;
  readonly title: string;
  write(directory: string, size: EstateSize): void;
}

/** The changes that are measured, each of about 100,000 services. */
export const benchChanges: readonly BenchChange[] = [
  {
    name: "thresholds",
    title: "thresholds of all checks",
    write(directory, { checks }) {
      const items = numbers(checks).map((index) => checkItem("check", index, "7,6,5"));
      writeItems(directory, "checks", items);
    },
  },
  {
    name: "checks",
    title: "a new check set: as many services again",
    write(directory, { checks }) {
      const items = numbers(checks).map((index) => checkItem("more", index, "5,4,3"));
      writeItems(directory, "more-checks", items);
    },
  },
  {
    name: "resources",
    title: "passive services and new hosts, one resource each",
    write(directory, { hosts, checks }) {
      for (const host of numbers(hosts)) {
        const items = numbers(checks).map((index) => ({
          kind: "Service",
          name: checkName("passive", index),
          host: `bench${String(host + 1).padStart(5, "0")}`,
          spec: { notes: "sent by the batch system", maxCheckAttempts: 2 },
        }));
        writeItems(directory, `host${host + 1}`, items);
      }
      const added = numbers(Math.round(hosts * 1.5)).map((index) => ({
        kind: "Host",
        name: `added${String(index + 1).padStart(5, "0")}`,
        spec: { labels: { rack: String(index % 40) } },
      }));
      writeItems(directory, "hosts", added);
    },
  },
  {
    name: "template",
    title: "a template that all checks use",
    write(directory, { checks }) {
      const template = {
        kind: "Template",
        name: "limits",
        spec: { for: "Check", spec: { arguments: ["-w", "9,8,7"] } },
      };
      const items = numbers(checks).map((index) => {
        const { arguments: _, ...spec } = checkSpec("");
        return { kind: "Check", name: checkName("check", index), uses: ["limits"], spec };
      });
      writeItems(directory, "templated", [template, ...items]);
    },
  },
];

function checkItem(prefix: string, index: number, warning: string) {
  return { kind: "Check", name: checkName(prefix, index), spec: checkSpec(warning) };
}

/** JSON is YAML: one document a line. */
function writeItems(directory: string, file: string, items: readonly unknown[]): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${file}.yaml`), `${items.map((item) => JSON.stringify(item)).join("\n---\n")}\n`);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

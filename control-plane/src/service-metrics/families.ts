import { parsePerfdata, toBaseUnit } from "@mycloud/checks/plugin-api";
import { writeFamily, writeLabels } from "@mycloud/protocol/exposition";
import { perfdataFamilies } from "@mycloud/protocol/perfdata-metric";
import { perfdataPrefix } from "../perfdata-write/perfdata-samples.ts";
import { mendLabelName } from "../remote-write/index.ts";
import type { ViewedDowntime, ViewedHost, ViewedObject, ViewedState } from "../status-view/index.ts";
import { thresholdPerfdata, thresholdPrefix } from "./threshold-perfdata.ts";

/** What is read of the view. */
export interface ExposedView {
  readonly hosts: readonly ViewedHost[];
  activeDowntimesOf(object: ViewedObject, atMs: number): readonly ViewedDowntime[];
}

/** Most labels of a host that `mycloud_host_info` has. */
const mostHostLabels = 20;

interface Flag {
  readonly suffix: string;
  readonly help: string;
  /** Undefined where there is no sample: nothing is known, which is never 0. */
  readonly value: (object: ViewedObject, isInDowntime: boolean) => number | undefined;
}

const flags: readonly Flag[] = [
  {
    suffix: "state",
    help: "Present state; absent while nothing is known (STALE or never checked).",
    value: ({ state }) => (state.hasBeenChecked && !state.isStale ? state.state : undefined),
  },
  { suffix: "hard", help: "1 when the present state is HARD.", value: ({ state }) => known(state, state.isHard) },
  {
    suffix: "stale",
    help: "1 when the last result is overdue.",
    value: ({ state }) => known(state, state.isStale),
  },
  {
    suffix: "acknowledged",
    help: "1 when its problem is acknowledged.",
    value: ({ state }) => known(state, state.acknowledgementId !== null),
  },
  {
    suffix: "in_downtime",
    help: "1 in a downtime.",
    value: ({ state }, isInDowntime) => known(state, isInDowntime),
  },
];
const meanings = {
  host: "0 UP, 1 DOWN, 2 UNREACHABLE.",
  service: "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
} as const;

function known({ hasBeenChecked }: ViewedState, claim: boolean): number | undefined {
  return hasBeenChecked ? (claim ? 1 : 0) : undefined;
}

interface Rendered {
  readonly owner: string;
  readonly lines: ReadonlyMap<string, string>;
}

/** What is kept of an object while its state is the same: texts are most of the work. */
export class RenderedPerfdata {
  readonly #ofState = new WeakMap<ViewedState, Rendered>();

  /** The lines of an object's perfdata by the head of their family. */
  of(object: ViewedObject): ReadonlyMap<string, string> {
    const before = this.#ofState.get(object.state);
    const owner = ownerOf(object);
    // It may have been renamed meanwhile.
    if (before?.owner === owner) return before.lines;
    const lines = render(object);
    this.#ofState.set(object.state, { owner, lines });
    return lines;
  }
}

function render(object: ViewedObject): Map<string, string> {
  const lines = new Map<string, string>();
  const { state } = object;
  if (state.perfdata === "" || state.isStale || !state.hasBeenChecked) return lines;
  const parsed = parsePerfdata(state.perfdata).perfdata;
  const perfdata = parsed.map(({ label, value, unit }) =>
    value === null ? { label, value, unit } : { label, ...toBaseUnit(value, unit) },
  );
  const labels = labelsOf(object);
  const { families } = perfdataFamilies([{ labels, perfdata }], { prefix: perfdataPrefix });
  const ofThresholds = (["warning", "critical"] as const).map((threshold) => ({
    labels: { ...labels, threshold },
    perfdata: thresholdPerfdata(parsed, threshold),
  }));
  const thresholds = perfdataFamilies(ofThresholds, { prefix: thresholdPrefix });
  for (const family of [...families, ...thresholds.families]) {
    const text = writeFamily(family);
    const head = text.slice(0, text.indexOf(`\n${family.name}{`) + 1);
    lines.set(head, text.slice(head.length));
  }
  return lines;
}

function ownerOf(object: ViewedObject): string {
  return object.kind === "host" ? object.name : `${object.host.name}\n${object.name}`;
}

function labelsOf(object: ViewedObject): Record<string, string> {
  return object.kind === "host" ? { host: object.name } : { host: object.host.name, service: object.name };
}

interface PlacedObject {
  readonly object: ViewedObject;
  readonly labels: string;
  readonly isInDowntime: boolean;
}

/** The states of hosts and services and their perfdata in text format 0.0.4, piece by piece. */
export function* exposeServices(
  view: ExposedView,
  rendered: RenderedPerfdata,
  isSeen: (host: ViewedHost) => boolean,
  nowMs: number,
): Generator<string> {
  const hosts = view.hosts.filter(isSeen);
  const objects: Record<ViewedObject["kind"], PlacedObject[]> = { host: [], service: [] };
  for (const host of hosts) {
    for (const object of [host, ...host.services]) {
      // No text yet, but work: whoever asks may let others have a turn.
      yield "";
      const isInDowntime = view.activeDowntimesOf(object, nowMs).length > 0;
      objects[object.kind].push({ object, labels: writeLabels(labelsOf(object)), isInDowntime });
    }
  }
  for (const kind of ["host", "service"] as const) {
    for (const { suffix, help, value } of flags) {
      const name = `mycloud_${kind}_${suffix}`;
      const meaning = suffix === "state" ? `${help.slice(0, -1)}: ${meanings[kind]}` : help;
      yield `# HELP ${name} ${meaning}\n# TYPE ${name} gauge\n`;
      for (const { object, labels, isInDowntime } of objects[kind]) {
        const sample = value(object, isInDowntime);
        if (sample !== undefined) yield `${name}${labels} ${sample}\n`;
      }
    }
  }
  yield "# HELP mycloud_host_info Customer and labels of a host, as label_<name>.\n# TYPE mycloud_host_info gauge\n";
  for (const host of hosts) yield `mycloud_host_info${writeLabels(infoLabels(host))} 1\n`;
  yield* exposePerfdata([...objects.host, ...objects.service], rendered);
}

function* exposePerfdata(
  objects: readonly { readonly object: ViewedObject }[],
  rendered: RenderedPerfdata,
): Generator<string> {
  const byHead = new Map<string, string[]>();
  for (const { object } of objects) {
    yield "";
    for (const [head, lines] of rendered.of(object)) {
      const family = byHead.get(head);
      if (family === undefined) byHead.set(head, [lines]);
      else family.push(lines);
    }
  }
  for (const head of [...byHead.keys()].sort()) {
    yield head;
    yield* byHead.get(head) ?? [];
  }
}

function infoLabels({ name, customer, labels }: ViewedHost): Record<string, string> {
  const all: Record<string, string> = { host: name };
  if (customer !== null) all.customer = customer;
  for (const [label, value] of Object.entries(labels).slice(0, mostHostLabels)) {
    all[`label_${mendLabelName(label).replace(/^_(?=\d)/, "")}`] = value;
  }
  return all;
}

import type { MetricFamily } from "@mycloud/protocol/exposition";

/** Where the kernel's files are; tests hand over recorded trees. */
export interface CollectorPlaces {
  /** `/proc` */
  readonly procRoot: string;
  /** `/sys` */
  readonly sysRoot: string;
  /** In front of `/etc/os-release`, `/usr/lib/os-release` and `/etc/localtime`: nothing, or a recorded tree. */
  readonly root: string;
  /** `/run/udev/data` */
  readonly udevRoot: string;
}

/** What one collector says of the machine at this moment. */
export type Collected = readonly MetricFamily[] | undefined;

/** One source of metrics, called as node_exporter calls it. */
export interface Collector {
  readonly name: string;
  /** Collected when nobody asks for collectors by name. */
  readonly isDefault: boolean;
  /**
   * Reads everything anew. Undefined: this machine has no such thing. What cannot be read throws. Runs on the event loop of the
   * agent: whatever may hang has a time limit of its own. `found` is what the collectors before it told in this scrape.
   */
  readonly collect: (found: readonly MetricFamily[]) => Collected | Promise<Collected>;
  /** Its metrics may have anybody's names: it runs after all others, so that what it tells can be compared with theirs. */
  readonly isLast?: boolean;
}

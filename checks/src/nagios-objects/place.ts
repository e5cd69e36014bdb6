/** Where something is written. Lines count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * Something that is wrong with a configuration: an `error` is what nagios would refuse to start with, a `warning` what it starts with all the same.
 */
export interface Fault {
  readonly severity: "error" | "warning";
  readonly place: Place;
  readonly message: string;
}

/** Takes faults as they are found. */
export interface FaultSink {
  error(place: Place, message: string): void;
  warn(place: Place, message: string): void;
}

const maximumFaults = 10_000;

/** Collects faults, at most 10,000: a hostile file must not fill memory with complaints about it. */
export function collectFaults(): FaultSink & { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const add = (severity: Fault["severity"], place: Place, message: string) => {
    if (faults.length < maximumFaults) faults.push({ severity, place, message });
  };
  return {
    faults,
    error: (place, message) => add("error", place, message),
    warn: (place, message) => add("warning", place, message),
  };
}

/** `objects/web.cfg:12`. */
export function formatPlace({ file, line }: Place): string {
  return `${file}:${line}`;
}

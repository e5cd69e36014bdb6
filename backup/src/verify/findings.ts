import type { Id } from "../blob/index.ts";
import type { AffectedFile, Finding } from "./finding.ts";

/** Files named for each finding; all are counted. */
const namedFiles = 100;
/** Findings kept, so that a repository in ruins does not fill the memory; all are counted. */
const keptFindings = 10_000;

/** A finding while its files are being found out. */
export class FindingRecord implements Finding {
  readonly kind: Finding["kind"];
  readonly severity: Finding["severity"];
  readonly object: string;
  readonly message: string;
  readonly #snapshots = new Set<Id>();
  readonly #files: AffectedFile[] = [];
  #fileCount = 0;

  constructor(fault: Pick<Finding, "kind" | "severity" | "object" | "message">) {
    this.kind = fault.kind;
    this.severity = fault.severity;
    this.object = fault.object;
    this.message = fault.message;
  }

  addFile(file: AffectedFile): void {
    this.#snapshots.add(file.snapshotId);
    this.#fileCount++;
    if (this.#files.length < namedFiles) this.#files.push(file);
  }

  /** As plain data. */
  toFinding(): Finding {
    const { kind, severity, object, message } = this;
    return {
      kind,
      severity,
      object,
      message,
      affectedSnapshots: this.affectedSnapshots,
      affectedFiles: this.affectedFiles,
      affectedFileCount: this.affectedFileCount,
    };
  }

  get affectedSnapshots(): readonly Id[] {
    return [...this.#snapshots];
  }

  get affectedFiles(): readonly AffectedFile[] {
    return this.#files;
  }

  get affectedFileCount(): number {
    return this.#fileCount;
  }
}

/** Collects findings and tells of each at once. */
export class Findings {
  readonly #records: FindingRecord[] = [];
  readonly #onFinding: ((finding: Finding) => void) | undefined;
  #errorCount = 0;
  #noteCount = 0;

  constructor(onFinding: ((finding: Finding) => void) | undefined) {
    this.#onFinding = onFinding;
  }

  /** Null when there are so many that it is only counted. */
  add(fault: Pick<Finding, "kind" | "severity" | "object" | "message">): FindingRecord | null {
    if (fault.severity === "error") this.#errorCount++;
    else this.#noteCount++;
    if (this.#records.length >= keptFindings) return null;
    const record = new FindingRecord(fault);
    this.#records.push(record);
    this.#onFinding?.(record.toFinding());
    return record;
  }

  get errorCount(): number {
    return this.#errorCount;
  }

  get noteCount(): number {
    return this.#noteCount;
  }

  get list(): readonly Finding[] {
    return this.#records.map((record) => record.toFinding());
  }
}

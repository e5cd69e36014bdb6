import type { Directive, NagiosConfiguration, NagiosObject, ReadingOptions } from "@mycloud/checks/nagios-objects";
import type { Renamer } from "./names.ts";
import type { Remarks } from "./remark.ts";

/** What a person chose. */
export interface ImportOptions {
  readonly isShinken: boolean;
  /** Carries commands that need a shell, as `sh -c`. */
  readonly allowShell: boolean;
  /** Hosts whose agents run the checks of all others. */
  readonly probers: readonly string[];
  /** IANA zone of the old system's time periods. */
  readonly timeZone: string;
}

/** What every mapping needs. */
export interface ImportContext {
  readonly configuration: NagiosConfiguration;
  readonly options: ImportOptions;
  readonly reading: ReadingOptions;
  /** Of nagios.cfg. */
  readonly settings: ReadonlyMap<string, Directive>;
  /** `$USERn$` and, with Shinken, any other, without dollars. */
  readonly macros: ReadonlyMap<string, string>;
  readonly intervalLengthSeconds: number;
  readonly remarks: Remarks;
  readonly hostNames: Renamer;
  readonly serviceNames: Renamer;
  readonly resourceNames: Renamer;
  /** Whoever a contact with several of Shinken's notification ways becomes; contacts with one are not in it. */
  readonly contactsOfWays: ReadonlyMap<string, readonly string[]>;
  readonly hosts: ReadonlyMap<string, NagiosObject>;
  readonly commands: ReadonlyMap<string, NagiosObject>;
}

/** A resource as `apply` takes it, with defaults left out; the control plane checks it whole. */
export interface ImportedResource {
  readonly kind: string;
  readonly name: string;
  readonly host?: string;
  readonly uses?: readonly string[];
  readonly spec: Readonly<Record<string, unknown>>;
}

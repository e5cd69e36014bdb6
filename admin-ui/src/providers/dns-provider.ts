import type {
  NameServerState,
  QueryExplanation,
  RegistrationStatus,
  ZoneChangeAnswer,
  ZoneChangeRequestInput,
  ZoneImportAnswer,
  ZoneStatistics,
} from "@mycloud/protocol/dns-zone";
import { createContext, useContext } from "react";

/** How a zone file is taken in. */
export interface ZoneImportQuestion {
  readonly text: string;
  readonly mode: "merge" | "replace";
  readonly comment: string;
  readonly preview: boolean;
}

export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
  readonly from: string;
}

/** The name service, beyond lists. Zones are named by their id. */
export interface DnsProvider {
  change(zoneId: number, request: ZoneChangeRequestInput, signal?: AbortSignal): Promise<ZoneChangeAnswer>;
  undo(zoneId: number, revision: number, request: { comment: string; preview: boolean }): Promise<ZoneChangeAnswer>;
  importFile(zoneId: number, question: ZoneImportQuestion): Promise<ZoneImportAnswer>;
  statistics(zoneId: number, signal?: AbortSignal): Promise<ZoneStatistics>;
  servers(signal?: AbortSignal): Promise<readonly NameServerState[]>;
  /** How hosts that are in zones by themselves get on. */
  registrationStatus(signal?: AbortSignal): Promise<RegistrationStatus>;
  /** What a client at that address is answered, and why. */
  explain(question: DnsQuestion, signal?: AbortSignal): Promise<QueryExplanation>;
  /** Addresses for links. */
  exportUrl(zoneId: number): string;
}

export const DnsContext = createContext<DnsProvider | null>(null);

/** The provider that App was given. */
export function useDns(): DnsProvider {
  const provider = useContext(DnsContext);
  if (provider === null) throw new Error("useDns is used outside of App");
  return provider;
}

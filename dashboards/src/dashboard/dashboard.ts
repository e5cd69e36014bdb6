import type { Panel } from "../panel/index.ts";

/** Something to choose above the panels, from the values of a label. */
export interface LabelVariable {
  readonly name: string;
  readonly title: string;
  /** Grafana's query: `label_values(mycloud_host_state, host)`. */
  readonly query: string;
  readonly hasAll?: boolean;
}

/** Instants or spans that are drawn over every panel. */
export type Annotation =
  | {
      readonly kind: "prometheus";
      readonly name: string;
      readonly expr: string;
      readonly title: string;
      readonly color: string;
    }
  | {
      /** From MyCloud's data endpoint, by the Infinity data source; off until somebody switches it on, as not everybody has that plugin. */
      readonly kind: "endpoint";
      readonly name: string;
      /** Of GET /api/v1/grafana/annotations. */
      readonly kinds: readonly string[];
      /** A variable that names the host. */
      readonly host?: string;
      readonly color: string;
    };

export interface PanelRow {
  readonly title: string;
  readonly panels: readonly [Panel, ...Panel[]];
}

export interface Dashboard {
  /** `mycloud-host`: also its file's name. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly LabelVariable[];
  readonly annotations: readonly Annotation[];
  /** Its page in the console, behind the console's address. */
  readonly consolePath: string;
  readonly rows: readonly [PanelRow, ...PanelRow[]];
}

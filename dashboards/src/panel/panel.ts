/** One query of Prometheus. `legend` is Grafana's template: `{{device}}`. */
export interface PanelQuery {
  readonly expr: string;
  readonly legend?: string;
}

/** From this value on, in this colour; the first step has no value. */
export interface ThresholdStep {
  readonly from: number | null;
  readonly color: "green" | "yellow" | "orange" | "red" | "blue" | "purple" | "text" | "transparent";
}

/** What a value means in words and colour. */
export interface StateWord {
  readonly value: string;
  readonly text: string;
  readonly color: string;
}

interface PanelBase {
  readonly title: string;
  /** Says what it shows and what to make of it; Grafana shows it beside the title. */
  readonly description: string;
  readonly queries: readonly [PanelQuery, ...PanelQuery[]];
  /** Of 24. */
  readonly width: number;
  readonly height: number;
  /** Grafana's name of it: `s`, `bytes`, `percentunit`. */
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  readonly thresholds?: readonly ThresholdStep[];
  readonly words?: readonly StateWord[];
  /** Where a click leads; Grafana's variables are filled in. */
  readonly link?: { readonly title: string; readonly url: string };
}

/** Lines over time. */
export interface LinesPanel extends PanelBase {
  readonly kind: "lines";
  readonly isStacked?: boolean;
  /** Series by a regular expression of their names that are drawn as thresholds: dashed, without area. */
  readonly dashed?: string;
}

/** One figure, or one a series, as it is now. */
export interface FigurePanel extends PanelBase {
  readonly kind: "figure";
  readonly hasSpark?: boolean;
}

/** A bar for each series, as it is now. */
export interface BarsPanel extends PanelBase {
  readonly kind: "bars";
}

/** A line for each series that changes its colour with its state. */
export interface StatesPanel extends PanelBase {
  readonly kind: "states";
}

/** A row for each series, as it is now, a column for each label, and one for each query. */
export interface TablePanel extends PanelBase {
  readonly kind: "table";
  /** Labels to show, in order, and what to call them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What to call the value of each query, in their order. */
  readonly values: readonly string[];
  /** Where a click on a label's cell leads. */
  readonly cellLinks?: Readonly<Record<string, { readonly title: string; readonly url: string }>>;
}

export type Panel = LinesPanel | FigurePanel | BarsPanel | StatesPanel | TablePanel;

import { BooleanInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { hostSelectorText } from "../../selector/selector-text.ts";
import { formatDuration } from "../../time/duration.ts";

export const metricsPushPages = createPages<"MetricsPush">({
  kind: "MetricsPush",
  title: "Metrics pushes",
  subtitle: "Hosts whose agents send their metrics here, because no Prometheus can reach them",
  empty:
    "With a metrics push, agents behind a firewall send what a scrape would have been answered. It then is at /metrics/hosts/ID for Prometheus, and goes to remote writes.",
  firsts: [{ text: "Push from every host", record: { name: "all hosts", selector: {}, intervalSeconds: 60 } }],
  columns: [
    {
      key: "hosts",
      label: "Of",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{hostSelectorText(selector)}</span>,
    },
    {
      key: "interval",
      label: "Every",
      width: 130,
      render: ({ intervalSeconds }) => formatDuration(intervalSeconds),
    },
  ],
  defaults: () => ({ selector: {}, intervalSeconds: 60 }),
  Inputs: () => (
    <>
      <fieldset>
        <legend>Which hosts</legend>
        <SelectorInput source="selector" hasServices={false} />
        <SelectorPreviewBox source="selector" />
      </fieldset>
      <fieldset>
        <legend>How often</legend>
        <DurationInput
          source="intervalSeconds"
          label="Interval"
          min={5}
          max={3600}
          helperText="of several definitions that cover a host the shortest counts"
        />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
    </>
  ),
  facts: (push) => [
    ["Hosts", hostSelectorText(push.selector)],
    ["Every", formatDuration(push.intervalSeconds)],
  ],
  Panels: ({ record }) => (
    <Panel title="Which hosts, now">
      <SelectorCoverage selector={record.selector} />
    </Panel>
  ),
});

import { BooleanInput, NumberInput, SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { DurationInput } from "../../form/DurationInput.tsx";
import { FlapDetectionInputs, MonitoredInputs } from "../../form/MonitoredInputs.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { TemplateChoice } from "../templates/TemplateUse.tsx";
import { CheckPreviewBox } from "./CheckPreviewBox.tsx";
import { CommandInputs } from "./CommandInputs.tsx";
import { TestRunBox } from "./TestRunBox.tsx";

export function CheckInputs() {
  return (
    <>
      <fieldset>
        <legend>What to run</legend>
        <TemplateChoice kind="Check" />
        <div className="form-grid">
          <TextInput source="name" isRequired helperText={false} />
          <TextInput source="serviceName" label="Service name" helperText="On each host; empty: the check's name" />
        </div>
        <TargetInput />
        <CommandInputs />
        <TestRunBox />
      </fieldset>
      <fieldset>
        <legend>On which hosts</legend>
        <SelectorInput source="selector" hasServices={false} />
        <CheckPreviewBox />
      </fieldset>
      <fieldset>
        <legend>How often, and when to believe it</legend>
        <div className="form-grid">
          <DurationInput source="checkIntervalSeconds" label="Check every" min={5} max={604_800} />
          <DurationInput source="retryIntervalSeconds" label="While soft, every" min={5} max={604_800} />
          <NumberInput
            source="maxCheckAttempts"
            label="Attempts until it is hard"
            min={1}
            max={100}
            helperText={false}
          />
          <DurationInput source="timeoutSeconds" label="Timeout" min={1} max={3600} />
        </div>
        <FlapDetectionInputs />
      </fieldset>
      <MonitoredInputs of="SERVICE" />
      <fieldset>
        <legend>More</legend>
        <TextInput
          source="notes"
          multiline
          minRows={2}
          helperText="Shown beside the service: what it means, what to do"
        />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
    </>
  );
}

function TargetInput() {
  const target: unknown = useWatch({ name: "target" });
  return (
    <SelectInput
      source="target"
      label="Tells"
      choices={[
        { id: "service", name: "of a service on each host" },
        { id: "host", name: "whether the host itself is UP" },
      ]}
      helperText={target === "host" && "OK and WARNING mean UP; a host has one such check at most"}
    />
  );
}

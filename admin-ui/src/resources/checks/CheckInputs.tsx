import { BooleanInput, NumberInput, required, TextInput } from "react-admin";
import { DurationInput } from "../../form/DurationInput.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { CheckPreviewBox } from "./CheckPreviewBox.tsx";
import { CommandInputs } from "./CommandInputs.tsx";
import { TestRunBox } from "./TestRunBox.tsx";

/** The fields that the server takes of a check. */
export const checkFields = [
  "name",
  "serviceName",
  "command",
  "arguments",
  "selector",
  "checkIntervalSeconds",
  "retryIntervalSeconds",
  "maxCheckAttempts",
  "timeoutSeconds",
  "flapDetection",
  "isEnabled",
  "notes",
];

export function CheckInputs() {
  return (
    <>
      <fieldset>
        <legend>What to run</legend>
        <div className="form-grid">
          <TextInput source="name" validate={required()} helperText={false} />
          <TextInput source="serviceName" label="Service name" helperText="On each host; empty: the check's name" />
        </div>
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
        <BooleanInput source="flapDetection.isEnabled" label="Detect flapping" helperText={false} />
        <div className="form-grid">
          <NumberInput
            source="flapDetection.lowPercent"
            label="Flapping ends below, %"
            min={0}
            max={100}
            helperText={false}
          />
          <NumberInput
            source="flapDetection.highPercent"
            label="Flapping starts above, %"
            min={0}
            max={100}
            helperText={false}
          />
        </div>
      </fieldset>
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

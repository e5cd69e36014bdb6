import { BooleanInput, NumberInput, TextInput } from "react-admin";
import { ImpactInput } from "./ImpactInput.tsx";
import { NameInput } from "./NamesInput.tsx";
import { VariablesInput } from "./VariablesInput.tsx";

/** Settings that hosts and services have in common; `of` is what the variables' macro is called by. */
export function MonitoredInputs({ of }: { of: "HOST" | "SERVICE" }) {
  return (
    <>
      <fieldset>
        <legend>How it is watched</legend>
        <div className="form-grid">
          <ImpactInput
            source="businessImpact"
            label="Business impact"
            helperText="Contacts and rules may want to be told of what matters only"
          />
          <NameInput
            source="checkPeriod"
            label="Checked in"
            reference="time-periods"
            helperText="A time period; empty: always"
          />
        </div>
        <div className="form-grid">
          <BooleanInput source="isActiveCheckEnabled" label="Checks run" helperText={false} />
          <BooleanInput source="isPassiveCheckEnabled" label="Results from outside count" helperText={false} />
          <BooleanInput source="isNotificationEnabled" label="People are told" helperText={false} />
          <BooleanInput source="isEventHandlerEnabled" label="Event handlers run" helperText={false} />
        </div>
        <VariablesInput source="variables" helperText={`As $_${of}NAME$ in arguments and commands`} />
      </fieldset>
      <fieldset>
        <legend>Links</legend>
        <div className="form-grid">
          <TextInput
            source="notesUrl"
            label="Link to notes"
            helperText="What to do when it breaks; macros are replaced"
          />
          <TextInput source="actionUrl" label="Link to act" helperText="Where to do something about it" />
          <TextInput source="iconImage" label="Icon" helperText="For maps and Thruk: a file's name there" />
        </div>
      </fieldset>
    </>
  );
}

/** When a state that goes to and fro counts as flapping. */
export function FlapDetectionInputs() {
  return (
    <>
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
    </>
  );
}

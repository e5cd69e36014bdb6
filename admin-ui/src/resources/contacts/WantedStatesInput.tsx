import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import { NotifiableState } from "@mycloud/protocol/notification";
import { useInput } from "react-admin";
import { ChoicesInput } from "../../form/ChoicesInput.tsx";

/** Of which states a contact wants to hear; null, the switch off, is of every one. */
export function WantedStatesInput() {
  const { field } = useInput<readonly string[] | null>({ source: "states", defaultValue: null });
  const isChosen = Array.isArray(field.value);
  return (
    <fieldset className="plain-group">
      <FormControlLabel
        control={
          <Switch
            size="small"
            checked={isChosen}
            disabled={field.disabled === true}
            onChange={(_, isOn) => field.onChange(isOn ? [...NotifiableState.options] : null)}
          />
        }
        label="Only of some states"
      />
      {isChosen ? (
        <ChoicesInput
          source="states"
          label="States"
          choices={NotifiableState.options}
          helperText="Of what rules tell, the contact hears these only; none of them: nothing"
        />
      ) : (
        <p className="hint">Hears of every state that a rule tells of.</p>
      )}
    </fieldset>
  );
}

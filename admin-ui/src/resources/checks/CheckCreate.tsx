import { CreatePage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";
import { CheckInputs, checkFields } from "./CheckInputs.tsx";

const defaults = {
  command: "",
  arguments: [],
  selector: {},
  checkIntervalSeconds: 60,
  retryIntervalSeconds: 30,
  maxCheckAttempts: 3,
  timeoutSeconds: 30,
  flapDetection: { isEnabled: true, lowPercent: 20, highPercent: 30 },
  isEnabled: true,
  notes: "",
};

export function CheckCreate() {
  return (
    <CreatePage title="New check" defaults={defaults} transform={(values) => pickFields(values, checkFields)}>
      <CheckInputs />
    </CreatePage>
  );
}

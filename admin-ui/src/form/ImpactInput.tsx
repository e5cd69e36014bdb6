import { SelectInput } from "react-admin";

/** Business impact as Shinken counts it. */
const impacts = [
  { id: 0, name: "0: nobody would mind" },
  { id: 1, name: "1: little" },
  { id: 2, name: "2: as most" },
  { id: 3, name: "3: production" },
  { id: 4, name: "4: top production" },
  { id: 5, name: "5: the business stops" },
];

/** How much depends on something, 0 to 5. */
export function ImpactInput({
  source,
  label,
  helperText = false,
}: {
  source: string;
  label: string;
  helperText?: string | false;
}) {
  return <SelectInput source={source} label={label} choices={impacts} helperText={helperText} />;
}

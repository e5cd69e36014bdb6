import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { createRestProviders } from "./providers/rest/index.ts";
import { reloadAfterUpgrade } from "./reload-after-upgrade.ts";
import { hashAddress } from "./route-address.ts";

const address = hashAddress(window.location);
if (address !== null) window.history.replaceState(null, "", address);

reloadAfterUpgrade(window);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App providers={createRestProviders()} />
    </StrictMode>,
  );
}

import { localStorageStore, memoryStore } from "react-admin";
import { createRoot } from "react-dom/client";
import { App } from "../App.tsx";
import { createFakeProviders } from "../providers/fake/index.ts";
import { type Story, stories } from "./stories.ts";

// For developers and tests: `stories.html?story=hosts-full` shows one screen on the fake provider, `?theme=dark` in the dark, without a
// story the list of all.
const query = new URLSearchParams(window.location.search);
const story = stories.find((each) => each.name === query.get("story"));
const theme = query.get("theme");

function StoryPage({ shown }: { shown: Story }) {
  const store = query.has("keep") ? localStorageStore() : memoryStore(theme ? { theme } : {});
  return <App providers={createFakeProviders({ ...shown.scenario, nowMs: Date.now() })} store={store} />;
}

function StoryList() {
  return (
    <main style={{ padding: 24, columns: "220px" }}>
      <h1 style={{ marginTop: 0 }}>Stories</h1>
      {stories.map((each) => (
        <div key={each.name}>
          <a href={`?story=${each.name}`}>{each.name}</a> <a href={`?story=${each.name}&theme=dark`}>dark</a>
        </div>
      ))}
    </main>
  );
}

if (story && (window.location.hash === "" || window.location.hash === "#/")) window.location.hash = story.path;
const root = document.getElementById("root");
if (root) createRoot(root).render(story ? <StoryPage shown={story} /> : <StoryList />);

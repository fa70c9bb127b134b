// The extension: one click on its button clips the page in view, and nothing else ever runs.
import { CLIP_PAGE } from "./address.js";

chrome.action.onClicked.addListener(async (tab) => {
  const [{ result }] = await chrome.scripting.executeScript({ target: { tabId: tab.id }, files: ["collect.js"] });
  await chrome.tabs.create({ url: `${CLIP_PAGE}#${encodeURIComponent(result)}`, index: tab.index + 1 });
});

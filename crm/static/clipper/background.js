// The extension: one click on its button clips the page in view, and nothing else ever runs.
import { CLIP_PAGE } from "./address.js";

chrome.action.onClicked.addListener(async (tab) => {
  if (tab.url?.startsWith(CLIP_PAGE)) return; // the second click of somebody who did not wait for the first one's page
  const clip = await clipOf(tab);
  await chrome.tabs.create({ url: clip ? `${CLIP_PAGE}#${encodeURIComponent(clip)}` : CLIP_PAGE, index: tab.index + 1 });
});

// Nothing of pages that browsers keep extensions out of, such as their own: Rapport then says what to do instead.
async function clipOf(tab) {
  try {
    const [{ result }] = await chrome.scripting.executeScript({ target: { tabId: tab.id }, files: ["collect.js"] });
    return result;
  } catch {
    return "";
  }
}

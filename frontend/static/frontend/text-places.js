// Places of a draft text: code points of an article's canonical text, and nodes of the page. Each block of an article
// carries its own (data-start, data-end); its text without the controls of the sentences is that text.

export const BLOCKS = "[data-start]:not(.sentence)";

export function elementOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
}

export function rangeOf(note) {
  const asked = new URL(note.href).searchParams;
  return { article: asked.get("article"), start: Number(asked.get("start")), end: Number(asked.get("end")) };
}

export function rangeOfSentence(piece) {
  const article = piece.closest("[data-article]").dataset.article;
  return { article, start: Number(piece.dataset.start), end: Number(piece.dataset.end) };
}

// The text nodes of a block that are the text: not those of its controls.
function* textNodes(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("a.note, [data-toolbar]")) yield walker.currentNode;
}

export function offsetIn(block, container, offset) {
  const end = document.createRange();
  end.setStart(container, offset);
  let count = Number(block.dataset.start);
  for (const node of textNodes(block)) {
    if (node === container) return count + [...node.data.slice(0, offset)].length;
    if (end.comparePoint(node, 0) >= 0) break;
    count += [...node.data].length;
  }
  return count;
}

export function textOf(prose) {
  const text = [];
  for (const block of prose.querySelectorAll(BLOCKS)) {
    while (text.length < Number(block.dataset.start)) text.push("\n");
    for (const node of textNodes(block)) text.push(...node.data);
  }
  return text.join("");
}

export function trimmed({ article, start, end }, text) {
  const points = [...text];
  while (start < end && /\s/.test(points[start])) start += 1;
  while (start < end && /\s/.test(points[end - 1] ?? " ")) end -= 1;
  return start < end ? { article, start, end } : null;
}

export function wordEdges(text) {
  const edges = [];
  const points = [...text];
  let start = -1;
  points.forEach((point, at) => {
    const isSpace = /\s/.test(point);
    if (!isSpace && start < 0) start = at;
    if (isSpace && start >= 0) edges.push([start, at]), (start = -1);
  });
  if (start >= 0) edges.push([start, points.length]);
  return edges;
}

// find: of a finder.
export function domRange(find, start, end) {
  const range = document.createRange();
  range.setStart(...find(start, false));
  range.setEnd(...find(end, true));
  return range;
}

// What finds the text node and the place in it of any position of an article; isEnd: of what stands before the position,
// else of what stands behind it.
export function finder(prose) {
  const nodes = [];
  for (const block of prose.querySelectorAll(BLOCKS)) {
    let at = Number(block.dataset.start);
    for (const node of textNodes(block)) {
      const points = [...node.data];
      nodes.push({ at, node, points });
      at += points.length;
    }
  }
  return (position, isEnd) => {
    let low = 0;
    let high = nodes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isEnd ? nodes[middle].at < position : nodes[middle].at <= position) low = middle + 1;
      else high = middle;
    }
    const found = nodes[low - 1];
    return found ? [found.node, found.points.slice(0, position - found.at).join("").length] : [prose, 0];
  };
}

import Image from '@tiptap/extension-image';
import type { Node } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';

/** Where the picture of that Content-ID is; nowhere when it is not here (yet). */
type Find = (contentId: string) => Blob | string | undefined;

/**
 * A picture of the text. What is written of it is its Content-ID, as the mail will have it; what is seen comes from this
 * device or from our server. Any other address is none, so that nothing is fetched from elsewhere.
 */
export function pictures(find: Find) {
  return Image.extend({
    addAttributes() {
      return {
        contentId: {
          default: null,
          parseHTML: (image) => image.getAttribute('src')?.slice('cid:'.length),
          renderHTML: ({ contentId }) => ({ src: `cid:${contentId}` }),
        },
        alt: { default: '' },
        width: { default: null },
        height: { default: null },
      };
    },
    parseHTML: () => [{ tag: 'img[src^="cid:"]' }],
    renderHTML: ({ HTMLAttributes }) => ['img', { ...HTMLAttributes, style: 'max-width:100%;height:auto' }],
    // The extension's own ones make pictures of any address.
    addInputRules: () => [],
    addCommands: () => ({}),
    addNodeView:
      () =>
      ({ node }) =>
        shown(node, find),
  }).configure({ inline: true });
}

function shown(first: Node, find: Find): NodeView {
  const image = document.createElement('img');
  const { contentId } = first.attrs;
  let source: Blob | string | undefined;
  let own: string | undefined;
  const release = () => {
    if (own) URL.revokeObjectURL(own);
    own = undefined;
  };
  const dress = ({ attrs }: Node) => {
    for (const name of ['alt', 'width', 'height'])
      if (attrs[name] === null) image.removeAttribute(name);
      else image.setAttribute(name, attrs[name]);
  };
  dress(first);
  const stop = $effect.root(() => {
    $effect(() => {
      const found = find(contentId);
      if (found === source) return;
      source = found;
      release();
      if (found instanceof Blob) own = URL.createObjectURL(found);
      const address = own ?? (typeof found === 'string' ? found : undefined);
      if (address) image.src = address;
      else image.removeAttribute('src');
    });
  });
  return {
    dom: image,
    update(next) {
      if (next.type !== first.type || next.attrs.contentId !== contentId) return false;
      dress(next);
      return true;
    },
    destroy() {
      stop();
      release();
    },
  };
}

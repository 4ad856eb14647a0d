/** What every browser and mail program shows; SVG is a document and none of them. */
export const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

/** Wider ones are shown so wide in the text; all of their pixels go along. */
const WIDEST = 640;

/** Of which kind a picture is, by how its octets begin. */
export function pictureType(octets: Uint8Array): string | undefined {
  const first = String.fromCharCode(...octets.subarray(0, 12));
  if (first.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (first.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(first)) return 'image/gif';
  if (/^RIFF[\s\S]{4}WEBP/.test(first)) return 'image/webp';
  return undefined;
}

/** Whether a file is a picture that can stand in a text: what it says it is, and what it is. */
export async function isPicture(file: File): Promise<boolean> {
  if (!PICTURES.some((type) => type === file.type)) return false;
  return pictureType(new Uint8Array(await file.slice(0, 12).arrayBuffer())) === file.type;
}

/** How large it is shown; undefined where it is no picture that a browser can show. */
export async function sizeOf(file: File): Promise<{ width: number; height: number } | undefined> {
  try {
    if (!(await isPicture(file))) return undefined;
    const drawn = await createImageBitmap(file);
    const size = fitted(drawn.width, drawn.height);
    // Else all of its pixels stay in the memory until somebody collects them.
    drawn.close();
    return size;
  } catch {
    return undefined;
  }
}

export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, WIDEST / width);
  return { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) };
}

/** The file that a `data:` address holds, if it is a picture. */
export function pictureIn(address: string): File | undefined {
  const coded = /^data:(image\/[a-z]+);base64,([\w+/=\s]+)$/i.exec(address);
  if (!coded) return undefined;
  try {
    const octets = Uint8Array.from(atob(coded[2] ?? ''), (char) => char.charCodeAt(0));
    const type = pictureType(octets);
    return type ? new File([octets], `picture.${type.slice(6)}`, { type }) : undefined;
  } catch {
    return undefined;
  }
}

/** What a picture is called when it is not seen, as far as its file's name says more than that it is one. */
export function altOf(file: File): string {
  const name = file.name.replace(/\.\w{1,5}$/, '');
  return /^(image|picture|clipboard|bild|imagen|img[-_ ]?\d*|dsc[-_ ]?\d*)?$/i.test(name) ? '' : name;
}

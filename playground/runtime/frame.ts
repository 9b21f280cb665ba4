/** The HTML of an app, with what its body holds put beside the devices. Throws when there is no `<body>`. */
export function besideDevices(html: string): string {
  const framed = html
    .replace(/<body[^>]*>/, '$&<demo-devices hidden><demo-browser>')
    .replace('</body>', '</demo-browser></demo-devices>$&');
  if (framed === html) throw new Error('index.html needs a <body>: the devices go beside what it holds.');
  return framed;
}

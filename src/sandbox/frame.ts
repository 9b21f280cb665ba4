/**
 * What no frame of this site may use, whatever is in it, as an iframe's `allow`. `public/_headers` says the same for the whole site,
 * where the host sends it.
 */
export const deniedFeatures = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((feature) => `${feature} 'none'`)
  .join('; ');

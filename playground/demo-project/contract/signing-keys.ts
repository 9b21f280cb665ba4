/**
 * Signing keys for tests, in the format of `supabase gen signing-key`. They protect nothing, because everyone can read
 * them here.
 */
import { createPrivateKey } from 'node:crypto';
import type { SigningKey } from '../src/index.ts';

export const ES256: SigningKey = {
  kid: 'key-of-the-tests-es256',
  alg: 'ES256',
  key_ops: ['sign', 'verify'],
  kty: 'EC',
  x: 'QTZcCaxcizzykY9clA6xoq5xpXfBrCn-dZgNbO9nz-8',
  y: 'ysNmN-GGCPCxjAaUYeIvu7QIKZ03mU-h_rKFbnDeEjc',
  crv: 'P-256',
  d: '_-AxhP02xladXwyeC95A41ip7qSUMJDUsQElPKssn1g',
};

export const RS256: SigningKey = {
  kid: 'key-of-the-tests-rs256',
  alg: 'RS256',
  key_ops: ['sign', 'verify'],
  kty: 'RSA',
  n: 'sebmq_XjY5WMhWvQ7zT8zTnqp-mprV5w15Kg98uyTmVa486gTEk_2PUlAqdo_IzfYRgfquLZzLgozVaynIYDJE1FXmbXAI3pqsUUDbPaSTbrknBvBJ383pYx33sB2aMspDZ-cnReGD5MaIqz3eEvUGO2ZY2gqb81qHbsHNRvT5TnIxz0KE2vitcuqlyeU0QsfKL45kMd8yGJK5tzXXPTZ2mWAfPsZMTw2Z_77ZBsb037iaVrtoYfIeYdfldftjsPHDAE3NhMlSuneoXy5ywk6cYn2R--RmHQTvfZgtznFhT3CEYTZJYd1R83_QkfEwo7-KECY96SHn3EJ1xMO7-E7Q',
  e: 'AQAB',
  d: 'E0jvhSvw4WZgcZoqxQjecAow43uTTDA_qpls36Uc3XNj80FT49EmSF49YS3wAJNDfSKrVCVRQj2jFqyo919uTxdynKAopcO8f9RAr0I-4yQ-odo-_qYjDPyvyAUX7JV2t7pnN1W2rt7EqP8tg7DvJcIZZKWCCW9T4WuQKYk8eR4seeHtJByi7H9gTlstM7Dwu26TMNlBfubmNBQRoflGKmNaKeTOIgWo9IlEbiwOe-frawOHHo0goX7hRq0TGD3vR35y14AvdC9DVRRPnS1Sa7IT0Qd8KGl5CoNHsJnP2Zpc4CRuFVzRtWu8tgDXr5OIRG0V6bfJnhwsBwr6oFEUdQ',
  p: '3-L70DvR1W25YLnGI-cqA_W016Iss-XEnSIFgMUmIgVzllle07HL3q1upNGvdRuC8Ph0_me_ROLkPVzXxp4ntmiSPd-D6taxvjwo2lxPt9zxZZa8COjGtEnlJ__y4XhB-j8dZVTfsxfv5nS_fflGbw-hZYFhcRfHKXXPwxbYVV8',
  q: 'y2thVCLnV1cb4K_y5fEHGttMr4a8KOuh8rFNxO0GCiKqfKD34K8WtDxsmA0NFaVDpgiiCdmexpjSkhWeVOGy3R_Zaf-u0VErk-0MB5a05ha_IbwH0357huwW8z4I0KezsUBo2VWG0CGJU9kRlUQrXmgE01oJmlJPFavIgkA9XTM',
  dp: 'cfGJiv8G2gKP2CR0LQ2XGpDQSvZkneIQYJBSEKlFsQbpPtmZI1BXm6rUptl43Lb1u0IX-OpANATteDVqM9GGEJXD5-17q-c8ar8fY5Kbl83ApZ1DcZ1Wk6cQE3111T5pBb1dbpb1iqZiF_3O_4QATsG7uHdSakZZvEYTSQy1aS0',
  dq: 'RoxaN_zW8NKUJ4u-GQNLrIPMB8AZt7No-iuFxjtR8eft6sVE0pbGsAGYw-8az5v-ZzHtSK9Bwqyzsthujg-socXu-DUloxCcpXP7zRH2cSoIZaG5sR7XpoZwuzGTixHuXxXwhxeDZuGKqBrLX1JCHD7FFavPUscjCGgIZSv0XEM',
  qi: 'AvltGrc_yp65Dj-1rs6APYkgVRO3n6IeBL44ZmPWfUXMP0hB74ZjQFBCGntmigyPEK9XTx2NQk3fURFveCADp_wFl0sBxLnCNs9XSypK3jte-117bhEmsCk5j0cEShbePseCeO6jep12iMi-94hPfQYxzQknuZAbv-1XEYqFdx4',
};

/** The second key in the format that Auth wants for SAML: PKCS #1 in base64. */
export const samlKey = createPrivateKey({ key: { ...RS256 }, format: 'jwk' })
  .export({ type: 'pkcs1', format: 'der' })
  .toString('base64');

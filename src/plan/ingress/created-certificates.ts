// Certificates that the controller requests from ACM (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_certificates.go).
import { hashOf } from '../names';
import type { Build } from './build';
import type { Member } from './groups';
import { hostsOf } from './listen-ports';
import type { CreatedCertificate } from '../load-balancer';

/** The certificate for the hosts of an Ingress that asks for one, if the feature gate is on. @throws Refusal without a host */
export function createdCertificate(build: Build, member: Member): CreatedCertificate | undefined {
  const { settings } = member;
  if (!build.isOn('EnableCertificateManagement') || settings.text('certificate-arn') !== undefined || settings.get('createAcmCert') !== true) {
    return undefined;
  }
  const [domainName, ...others] = hostsOf(member);
  if (domainName === undefined) {
    throw settings.refusal('createAcmCert', 'needs at least one host');
  }
  const certificateAuthorityARN = settings.get('acmPcaArn') ?? '';
  const type = certificateAuthorityARN === '' ? 'amazon_issued' : 'private';
  const names = [domainName, ...others];
  return { id: `${type}/${domainName}-${hashOf([member.id]).slice(0, 8)}`, domainName, subjectAlternativeNames: names, certificateAuthorityARN };
}

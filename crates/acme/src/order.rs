//! One order: prove the name, send a key's request, fetch the chain.

use std::time::Duration;

use bauta_model::Secret;
use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};

use crate::errand::{Error, Proof};

/// How long the authority may take to look at the proof, and to make the certificate.
const PATIENCE: Duration = Duration::from_secs(120);

/// A private key and the chain for it, PEM, in one text.
pub(crate) async fn fetch(
    account: &Account,
    name: &str,
    show: &(dyn Fn(Option<Proof>) + Send + Sync),
) -> Result<Secret<String>, Error> {
    let mut order = account
        .new_order(&NewOrder::new(&[Identifier::Dns(name.to_owned())]))
        .await?;
    let proven = prove(&mut order, show).await;
    show(None);
    proven?;
    let key = KeyPair::generate()?;
    let request = CertificateParams::new([name.to_owned()])?.serialize_request(&key)?;
    order.finalize_csr(request.der()).await?;
    let chain = order.poll_certificate(&retry()).await?;
    Ok(Secret::new(format!("{}{chain}", key.serialize_pem())))
}

/// Shows what the authority wants to see, until it has made up its mind.
async fn prove(order: &mut Order, show: &(dyn Fn(Option<Proof>) + Send + Sync)) -> Result<(), Error> {
    let mut authorizations = order.authorizations();
    while let Some(found) = authorizations.next().await {
        let mut authorization = found?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let mut challenge = authorization
            .challenge(ChallengeType::TlsAlpn01)
            .ok_or(Error::NoChallenge)?;
        let name = challenge.identifier().to_string();
        show(Some(proof(
            &name,
            challenge.key_authorization().digest().as_ref(),
        )?));
        challenge.set_ready().await?;
    }
    match order.poll_ready(&retry()).await? {
        OrderStatus::Ready | OrderStatus::Valid => Ok(()),
        _ => Err(Error::Refused(complaint(order).await)),
    }
}

/// What the authority has against the proof that it looked at: the kind of problem (RFC 8555 § 6.7).
async fn complaint(order: &mut Order) -> Option<String> {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let state = authorization.refresh().await.ok()?;
        let kind = state
            .challenges
            .iter()
            .find_map(|tried| tried.error.as_ref()?.r#type.clone());
        if kind.is_some() {
            return kind;
        }
    }
    None
}

/// A certificate that nobody but the authority is shown (RFC 8737 § 3): for the name, with the digest of the key
/// authorization in it.
fn proof(name: &str, digest: &[u8]) -> Result<Proof, Error> {
    let key = KeyPair::generate()?;
    let mut wanted = CertificateParams::new([name.to_owned()])?;
    wanted.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    Ok(Proof {
        certificate: wanted.self_signed(&key)?.der().to_vec(),
        key: Secret::new(key.serialize_der()),
    })
}

fn retry() -> RetryPolicy {
    RetryPolicy::new().timeout(PATIENCE)
}

#[cfg(test)]
mod tests {
    use x509_parser::parse_x509_certificate;

    use super::*;

    #[test]
    fn a_proof_is_for_one_name_and_holds_the_digest() {
        let made = proof("alt.example", &[7; 32]).expect("it can be made");
        let (_, certificate) = parse_x509_certificate(&made.certificate).expect("it is a certificate");
        let names = certificate
            .subject_alternative_name()
            .expect("one such part")
            .expect("it is there");
        assert_eq!(names.value.general_names.len(), 1);
        let identifier = certificate
            .extensions()
            .iter()
            .find(|extension| extension.oid.to_id_string() == "1.3.6.1.5.5.7.1.31")
            .expect("RFC 8737 § 3");
        assert!(identifier.critical);
        assert_eq!(identifier.value, [&[0x04, 32][..], &[7; 32]].concat());
    }
}

import type { Locale } from '../locale.ts'
import { labels } from './en-labels.ts'

/** English. Sentences say what happened and what to do next, and never whether an account exists. */
export const locale: Locale = {
  tag: 'en',
  name: 'English',
  unitDisplay: 'long',

  labels,

  notices: {
    code_sent: 'The code is on its way.',
    code_resent: 'A new code is on its way. Earlier codes no longer work.',
    maybe_sent:
      'We are not sure the message got out. If nothing arrives within a minute, ask for a new code.',
    number_invalid: 'No message can be delivered to this number. Check for typing mistakes, then try again.',
    address_invalid:
      'No message can be delivered to this address. Check for typing mistakes, then try again.',
    number_blocked:
      'This number cannot receive our messages. Use another one, or ask your mobile operator to lift the block.',
    address_blocked:
      'This address cannot receive our messages. Use another one, or ask your mail provider to lift the block.',
    region_unsupported: 'We do not send messages to this country or region. Use another way to continue.',
    delivery_failed: 'We could not send the message. Try again later, or use another way to continue.',
    phone_off:
      'Your carrier says that the phone is switched off or out of reach. Switch it on, then ask for a new code.',
    number_not_in_service:
      'Your carrier says that this number is not in service. Check it, or use another one.',
    blocked_by_recipient:
      'A setting of your phone, mailbox or carrier blocks our messages. Change it, then ask for a new code.',
    blocked_by_carrier:
      'Your carrier or mail provider stopped our message. Ask for a new code, or use another way to continue.',
    inbox_full: 'There was no room left for our message. Make some, then ask for a new code.',
    address_unknown: 'The mail server says that this address does not exist. Check it for typing mistakes.',
    not_delivered: 'The message could not be delivered. Ask for a new code, or use another way to continue.',
    sms_budget_spent:
      'The budget for text messages is used up[ until {until}]. Use another way, such as a code by email.',
    email_budget_spent: 'The budget for emails is used up[ until {until}]. Use another way.',
    send_paused: 'A code was sent there a moment ago.[ You can ask for another in {seconds}.]',
    rate_limited: 'That was too often.[ Try again in {seconds}.] If a code arrived, you can still use it.',
    code_required: 'Enter the code from the message.',
    code_length: 'Check the code in the message and type it again.[ It has {digits} digits.]',
    code_wrong: 'That code is not right. Check it and try again.[ Tries left: {left}.]',
    code_expired: 'That code has expired. Ask for a new one.',
    code_superseded: 'That is an earlier code. Use the one in the newest message.',
    code_used: 'That code has been used already. Ask for a new one.',
    code_exhausted: 'Too many wrong tries: this code no longer works. Ask for a new one.',
    session_expired: 'This took too long, so we had to stop. Start again.',
    form_expired:
      'This page was open too long. Try again. If it keeps happening, allow cookies for this site.',
    identifier_required: 'Fill this in to continue.',
    invalid_phone: 'This does not look like a phone number. Check the country and the digits.',
    no_mainland_mobile:
      'A mobile number of mainland China has eleven digits and begins with 1. Check the digits.',
    no_such_phone: 'There is no such phone number[ under {prefix}]. Check the country and the digits.',
    mainland_only:
      'We send codes to mobile numbers of mainland China (+86) only. Enter one of those, or use another way to continue.',
    invalid_email: 'This does not look like an email address. It should be like name@example.com.',
    email_domain:
      'What stands after the @ is not a domain that mail can go to. It should be like name@example.com.',
    email_sign: 'Before the @ stands a character that no mail server takes there[: “{sign}”]. Check it.',
    email_dots:
      'An email address cannot begin or end with a dot before the @, or have two dots in a row there.',
    email_long: 'This email address is too long. Check it.',
    invalid_username: 'A username has letters, digits and underscores and does not begin with a digit.',
    password_required: 'Enter a password.',
    passwords_differ: 'The two passwords are not the same. Type them again.',
    terms_required: 'Tick this box to continue.',
    method_unavailable: 'This way to continue is not available here. Choose another one.',
    registration_closed: 'New accounts cannot be created here.',
    try_again: 'That did not work. Try again in a moment.',
  },

  passwordIssues: {
    'password_rejected.too_short': 'The password is too short.[ Use at least {min} characters.]',
    'password_rejected.too_long': 'The password is too long.[ Use at most {max} characters.]',
    'password_rejected.unsupported_characters':
      'Use only English letters, digits, spaces and the symbols on a keyboard.',
    'password_rejected.character_types':
      'Mix more kinds of characters[: at least {min}] of lowercase, uppercase, digits and symbols.',
    'password_rejected.pwned': 'This password has appeared in a data breach. Choose another one.',
    'password_rejected.restricted.repetition': 'Avoid repeating one character, as in "aaaa".',
    'password_rejected.restricted.sequence': 'Avoid sequences such as "1234" or "abcd".',
    'password_rejected.restricted.words':
      'Avoid words that are easy to guess here, such as the product name.',
    'password_rejected.restricted.user_info':
      'Avoid your name, phone number or email address in the password.',
  },

  errors: {
    'account_center.field_not_editable': 'This part of the account cannot be changed here.',
    'account_center.field_not_enabled': 'This part of the account is not shown here.',
    'account_center.not_enabled': 'Accounts cannot be managed here. Ask the operator to switch it on.',
    'application.device_flow_native_only': 'The device flow is for native applications only.',
    'application.device_flow_not_changeable':
      'The device flow cannot be switched on or off later. Create a new application.',
    'application.invalid_role_type': 'Only machine-to-machine roles can be given to an application.',
    'application.invalid_third_party_application_type':
      'A third-party application must be a traditional web, single-page or native application.',
    'application.invalid_type': 'Applications of this type do not support this operation.',
    'application.no_legacy_secret_found': 'The application has no legacy secret to remove.',
    'application.protected_app_metadata_is_required': 'A protected application needs its metadata.',
    'application.saml.use_saml_app_api': 'Use the SAML application API for this application.',
    'application.secret_name_exists': 'A secret with this name exists. Choose another name.',
    'application.third_party_application_cannot_enable_token_exchange':
      'Token exchange is not available for third-party applications.',
    'auth.authorization_header_missing': 'Send an access token in the Authorization header.',
    'auth.authorization_token_type_not_supported': 'Use the Authorization type "Bearer".',
    'auth.forbidden':
      'The access token does not permit this. Ask for one with the scope that this call needs.',
    'auth.jwt_sub_missing': 'The access token has no subject. Ask for a new one.',
    'auth.third_party_application_forbidden': 'An application of a third party may not change accounts.',
    'auth.unauthorized': 'The access token is missing, wrong or expired. Ask for a new one and try again.',
    'connector.authorization_failed':
      "The provider refused the user's authorization. Start the authorization again.",
    'connector.cannot_overwrite_metadata_for_non_standard_connector':
      'The metadata of this connector cannot be changed. Leave "metadata" out.',
    'connector.email_connector.bulk_deletion_no_filter':
      'Say which templates to delete: give a language or a type.',
    'connector.general': 'The message could not be sent.[ {reason}] See the delivery log for the cause.',
    'connector.insufficient_request_parameters':
      'The provider says that parameters are missing from the request.',
    'connector.invalid_config': 'The configuration is not valid. Correct the named fields and save again.',
    'connector.invalid_request_parameters': 'The provider refused a parameter. Check template and signature.',
    'connector.invalid_response': 'The provider gave an answer that cannot be read. Try again later.',
    'connector.invalid_type_for_syncing_profile': 'Only social connectors can sync profiles.',
    'connector.more_than_one_email': 'There is more than one email connector. Remove all but one.',
    'connector.more_than_one_sms': 'There is more than one SMS connector. Remove all but one.',
    'connector.not_found': 'There is no connector of this type[: {type}]. Set one up first.',
    'connector.not_found_with_connector_id': 'There is no connector with this id. Check "connectorId".',
    'connector.rate_limit_exceeded': 'The provider accepts no more messages at this pace. Try again later.',
    'connector.template_not_found':
      'The connector has no template for this usage type. Add one, or a Generic one.',
    'connector.token_storage_not_supported': 'This connector cannot store tokens.',
    'connector.unexpected_type': 'The connector is of the wrong type for this operation.',
    'connector.usage_limit_exceeded':
      'The quota of messages is used up. Raise it or wait for the next period.',
    'custom_profile_fields.name_conflict_built_in_prop':
      'This name[, {name},] belongs to a built-in field of users. Choose another one.',
    'custom_profile_fields.name_conflict_custom_data':
      'This name[, {name},] is reserved for custom data. Choose another one.',
    'custom_profile_fields.name_conflict_sign_in_identifier':
      'This name[, {name},] belongs to an identifier that users sign in with. Choose another one.',
    'entity.create_failed': 'The record could not be created. Try again.',
    'entity.db_constraint_violated': 'The change contradicts stored data. Check the values and try again.',
    'entity.invalid_input': 'The values are not valid, or there is nothing to change.',
    'entity.not_exists': 'The record does not exist.',
    'entity.not_exists_with_id': 'There is no record with this id[: {id}].',
    'entity.not_found': 'The record was not found. Check the id.',
    'entity.relation_foreign_key_not_found':
      'A record that the request refers to does not exist. Check the ids.',
    'entity.value_too_long': 'A value is too long. Shorten it and try again.',
    'guard.invalid_input': 'The request is not valid. Check the members that "data" names.',
    'guard.invalid_pagination': 'The page or page size is not valid. Both are positive numbers.',
    'hook.endpoint_responded_with_error':
      'The webhook endpoint answered with an error[: status {status}]. Check the endpoint.',
    'hook.missing_events': 'A webhook needs at least one event. Give "events".',
    'hook.send_test_payload_failed':
      'The test could not be delivered[: {reason}]. Check the address of the webhook.',
    'localization.cannot_delete_default_language':
      'This is the language to fall back on. Choose another one for that first.',
    'localization.invalid_translation_structure':
      'These texts do not fit: every entry must be one that the built-in texts have.',
    'log.invalid_time_window': 'The start lies after the end. Swap them.',
    'oidc.access_denied': 'Access was denied.',
    'oidc.invalid_client': 'The application could not be authenticated. Check its id and secret.',
    'oidc.invalid_grant': 'The grant is wrong, expired or revoked. Sign in again.',
    'oidc.invalid_redirect_uri':
      'The application asked to return to an address that is not registered. Add it to its redirect URIs.',
    'oidc.invalid_request':
      'The application sent a request that is not valid. Start again from the application.',
    'oidc.invalid_scope': 'The application asked for a scope that does not exist or is not allowed.',
    'oidc.invalid_session_account_id': 'This session belongs to somebody else.',
    'oidc.invalid_target': 'The application asked for a resource that does not exist. Check "resource".',
    'oidc.invalid_token': 'The token is wrong or expired. Ask for a new one.',
    'oidc.key_not_found': 'There is no such key. List the keys to see their ids.',
    'oidc.key_required':
      'The key in use cannot be deleted. Rotate first, and delete it when the new one has taken over.',
    'oidc.provider_error': 'The sign-in service refused the request. Start again from the application.',
    'oidc.server_error': 'The sign-in service had a problem. Try again in a moment.',
    'oidc.session_not_found': 'There is no such session. It may have ended already.',
    'oidc.unsupported_grant_type': 'This grant type is not supported.',
    'oidc.unsupported_response_mode': 'This response mode is not supported.',
    'oidc.unsupported_response_type': 'This response type is not supported.',
    'operator.limit_reached': 'There are as many operators as there can be[, {most}]. Remove one first.',
    'operator.link_invalid':
      'This link is not valid, has been used, or is too old. Ask an operator for a new one.',
    'operator.name_in_use': 'There is an operator of this name already. Choose another name.',
    'operator.not_yourself': 'You cannot do this to yourself. Ask another operator.',
    'operator.wrong_password': 'The current password is not right.',
    'password.expired': 'Your password has expired. Choose a new one.',
    'password.invalid_legacy_password_format': 'The digest is not in the format of its algorithm.',
    'password.rejected': 'This password is not strong enough. Choose another one.',
    'password.unsupported_legacy_hash_algorithm': 'This digest algorithm is not supported.',
    'request.feature_not_supported': 'This feature is not available here.',
    'request.headers_too_large':
      'Your browser or application sent more headers than fit, mostly cookies. Delete the cookies of this site and try again.',
    'request.invalid_input': 'The request is not valid. Check the input.',
    'request.malformed_json': 'The body is not valid JSON.',
    'request.message_refused': 'No code can be sent there at the moment. Please use another way.',
    'request.message_rate_limited': 'Too many messages were asked for.[ Try again in {seconds}.]',
    'request.page_not_found':
      'There is no page at this address. Check it, or start again from the application.',
    'request.too_many_password_checks':
      'Too many passwords are being checked right now.[ Try again in {seconds}.]',
    'resource.cannot_delete_management_api': 'The management API cannot be deleted.',
    'resource.cannot_modify_management_api': 'The management API cannot be changed.',
    'resource.resource_identifier_in_use': 'This API identifier is in use. Choose another one.',
    'scope.name_exists': 'A scope with this name exists. Choose another name.',
    'server.internal_error': 'Something went wrong on our side. Try again in a moment.',
    'server.overloaded': 'Too many people are here at the moment.[ Try again in {seconds}.]',
    'session.captcha_failed': 'The check whether you are a person failed. Try again.',
    'session.captcha_required': 'Complete the check whether you are a person, then try again.',
    'session.email_blocklist.email_not_allowed': 'This email address is not accepted here. Use another one.',
    'session.email_blocklist.email_subaddressing_not_allowed':
      'Email addresses with a "+" part are not accepted here. Use the plain address.',
    'session.email_blocklist.invalid_email': 'This is not a valid email address. Check it and try again.',
    'session.identifier_not_found': 'Enter your phone number, email address or username first.',
    'session.identity_conflict': 'Another account is being used on this page already. Start again.',
    'session.interaction_not_found': 'This sign-in has expired. Start again from the application.',
    'session.invalid_credentials': 'The account or the password is not right. Check both and try again.',
    'session.invalid_interaction_type': 'This step does not belong to what you are doing. Start again.',
    'session.not_found': 'This sign-in has expired. Start again from the application.',
    'session.not_supported_for_forgot_password': 'This is not available for resetting a password.',
    'session.verification_blocked_too_many_attempts': 'Too many wrong tries.[ Try again in {seconds}.]',
    'session.verification_failed': 'Verify with the code first, then go on.',
    'session.verification_session_not_found': 'This verification has expired. Ask for a new code.',
    'sign_in_experiences.adaptive_mfa_requires_mfa':
      'Choose a second factor before you switch adaptive sign-in on.',
    'sign_in_experiences.adaptive_mfa_requires_non_skippable_policy':
      'Adaptive sign-in needs a policy under which nobody can skip setting a second factor up.',
    'sign_in_experiences.at_least_one_authentication_factor':
      'Give each sign-in method a password or a code.',
    'sign_in_experiences.backup_code_cannot_be_enabled_alone':
      'Backup codes need another second factor beside them.',
    'sign_in_experiences.code_length_not_supported':
      'The connected provider cannot carry codes of this length[: {connector} takes {least} to {most} digits, not {length}]. Change "verificationCodePolicy.codeLength", or connect another provider first.',
    'sign_in_experiences.code_sign_in_must_be_enabled': 'Switch sign-in by code on for this identifier.',
    'sign_in_experiences.duplicated_mfa_factors': 'A second factor is listed twice. Remove one.',
    'sign_in_experiences.duplicated_sign_up_identifiers': 'A sign-up identifier is listed twice. Remove one.',
    'sign_in_experiences.email_verification_code_cannot_be_used_for_mfa':
      'Codes by e-mail are a way to sign in here, so they cannot be the second factor too.',
    'sign_in_experiences.email_verification_code_cannot_be_used_for_sign_in':
      'Codes by e-mail are a second factor here. Take them out of the factors first.',
    'sign_in_experiences.enabled_connector_not_found':
      'Set up a connector[ of type {type}] for this method first.',
    'sign_in_experiences.forgot_password_method_requires_connector':
      'Set up a connector before you offer this way to reset a password.',
    'sign_in_experiences.invalid_custom_email_blocklist_format':
      'A block list entry is neither an email address nor a domain such as "@example.com".',
    'sign_in_experiences.missing_sign_up_identifiers':
      'Each sign-up identifier must be a sign-in method too.',
    'sign_in_experiences.non_adaptive_mfa_requires_skippable_policy':
      'This policy goes with adaptive sign-in alone. Switch that on, or choose another policy.',
    'sign_in_experiences.password_expiration_invalid_period_days':
      'The days until a password expires must be a positive number.',
    'sign_in_experiences.password_expiration_not_enabled': 'Switch the expiry of passwords on first.',
    'sign_in_experiences.password_expiration_requires_forgot_password':
      'Expiry of passwords needs a way to reset them. Offer one first.',
    'sign_in_experiences.passwordless_requires_verify':
      'Phone numbers and email addresses must be verified at sign-up. Set "verify" to true.',
    'sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa':
      'Codes by text message are a way to sign in here, so they cannot be the second factor too.',
    'sign_in_experiences.phone_verification_code_cannot_be_used_for_sign_in':
      'Codes by text message are a second factor here. Take them out of the factors first.',
    'sign_in_experiences.unsupported_default_language':
      'This language has no sentences. Choose another default.',
    'sign_in_experiences.username_policy_case_conflicts_exist':
      'Some usernames differ only in upper and lower case. Rename them first.',
    'test_identity.already_exists':
      'This number or address is a test identity already. Change or delete that one.',
    'test_identity.belongs_to_user':
      'A user has this number or address already. To let the fixed code open that account, repeat the request with its userId.',
    'test_identity.not_enabled':
      'Test identities are switched off. To use them, start the server with TEST_IDENTITIES=on.',
    'user.cannot_delete_self': 'You cannot delete your own account.',
    'user.email_already_in_use': 'This email address is already in use. Use another one.',
    'user.email_exists_in_profile': 'Your account has an email address already.',
    'user.invalid_email': 'This is not a valid email address. Check it and try again.',
    'user.invalid_phone':
      'This is not a valid phone number. Check the country code and the digits.[ A mobile number of mainland China has {mainland} digits after 86.]',
    'user.last_sign_in_method_required': 'This is the only way to sign in. Add another one first.',
    'user.missing_profile': 'Some details are still missing. Add them to continue.',
    'user.new_password_required_in_profile': 'Choose a new password to continue.',
    'user.password_algorithm_required': 'Name the algorithm of the password digest.',
    'user.password_and_digest': 'Send either a password or a digest, not both.',
    'user.password_exists_in_profile': 'Your account has a password already.',
    'user.phone_already_in_use': 'This phone number is already in use. Use another one.',
    'user.phone_exists_in_profile': 'Your account has a phone number already.',
    'user.same_password': 'The new password must differ from the present one.',
    'user.sign_in_method_not_enabled': 'This way to sign in is not available. Choose another one.',
    'user.suspended': 'This account is suspended. Contact support.',
    'user.user_not_exist': 'We could not go on with these details. Check them, or create an account.',
    'user.username_already_in_use': 'This username is taken. Choose another one.',
    'user.username_exists_in_profile': 'Your account has a username already.',
    'user.username_invalid_charset_hard': 'Use only letters, digits and underscores in the username.',
    'user.username_lowercase_not_allowed': 'Lowercase letters are not allowed in the username.',
    'user.username_numbers_not_allowed': 'Digits are not allowed in the username.',
    'user.username_required': 'Choose a username to continue.',
    'user.username_starts_with_number': 'The username must not begin with a digit.',
    'user.username_too_long': 'The username is too long.[ Use at most {max} characters.]',
    'user.username_too_short': 'The username is too short.[ Use at least {min} characters.]',
    'user.username_underscore_not_allowed': 'Underscores are not allowed in the username.',
    'user.username_uppercase_not_allowed': 'Uppercase letters are not allowed in the username.',
    'verification_code.code_mismatch':
      'That code is not right. Check it and try again.[ It has {digits} digits.][ Tries left: {left}.]',
    'verification_code.email_mismatch': 'The code was sent to another email address. Ask for a new one.',
    'verification_code.exceed_max_try': 'Too many wrong tries: this code no longer works. Ask for a new one.',
    'verification_code.expired': 'That code has expired. Ask for a new one.',
    'verification_code.not_found': 'That code is not valid any more. Ask for a new one.',
    'verification_code.phone_mismatch': 'The code was sent to another phone number. Ask for a new one.',
    'verification_record.not_found': 'This verification is not valid any more. Verify again.',
    'verification_record.permission_denied':
      'First prove that the account is yours, with a code or the password.',
  },

  countries: { CN: 'China', HK: 'Hong Kong', MO: 'Macao', TW: 'Taiwan' },
}

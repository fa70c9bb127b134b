"""What e-mail holds of a person who is erased: the originals, their lines in the log, and copies with others."""

from collections.abc import Collection

from talentpool.models import BlockedSender, IncomingMail, MailContent, MailLetter


def forget_mail(candidate_ids: Collection[int], addresses: Collection[str]) -> None:
    """Called before the person's own rows go. A mail that was about others too stays with them, without the person."""
    brought = MailLetter.objects.filter(candidate__in=candidate_ids).values_list("mail_id", flat=True)
    ids = {pk for pk in brought if pk} | set(
        IncomingMail.objects.filter(sender__in=addresses).values_list("pk", flat=True)
    )
    MailContent.objects.filter(mail__in=ids).delete()
    IncomingMail.objects.filter(pk__in=ids).update(
        sender="", sender_name="", subject="Erased", message_id="", reason="", problems=[], decision={}
    )
    BlockedSender.objects.filter(address__in=addresses).delete()
    others = MailLetter.objects.filter(mail__in=ids).exclude(candidate__in=candidate_ids)
    for letter in others:
        letter.recipients = [each for each in letter.recipients if each.get("email") not in addresses]
        if letter.sender.get("email") in addresses:
            letter.sender, letter.text = {}, ""
        letter.save(update_fields=["recipients", "sender", "text"])
